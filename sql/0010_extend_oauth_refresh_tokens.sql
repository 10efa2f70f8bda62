ALTER TABLE oauth_refresh_tokens
    ADD COLUMN IF NOT EXISTS family_id CHAR(32) CHARACTER SET ascii COLLATE ascii_bin NULL COMMENT 'oauth_refresh_families.id',
    ADD COLUMN IF NOT EXISTS rotated_at DATETIME NULL COMMENT 'when its successor was made',
    ADD COLUMN IF NOT EXISTS successor_id VARCHAR(100) CHARACTER SET ascii COLLATE ascii_bin NULL COMMENT 'oauth_refresh_tokens.id',
    LOCK=NONE
