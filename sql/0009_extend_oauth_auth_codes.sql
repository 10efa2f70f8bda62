ALTER TABLE oauth_auth_codes
    ADD COLUMN IF NOT EXISTS redirect_uri TEXT NULL COMMENT 'as the request gave it; NULL: it gave none',
    ADD COLUMN IF NOT EXISTS code_challenge VARCHAR(128) CHARACTER SET ascii COLLATE ascii_bin NULL COMMENT 'S256; NULL: none was sent',
    ADD COLUMN IF NOT EXISTS family_id CHAR(32) CHARACTER SET ascii COLLATE ascii_bin NULL COMMENT 'the family that redeeming it founds',
    LOCK=NONE
