ALTER TABLE oauth_access_tokens
    ADD COLUMN IF NOT EXISTS grant_type VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NULL COMMENT 'the grant that it came from',
    ADD COLUMN IF NOT EXISTS family_id CHAR(32) CHARACTER SET ascii COLLATE ascii_bin NULL COMMENT 'oauth_refresh_families.id',
    LOCK=NONE
