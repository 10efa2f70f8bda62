ALTER TABLE oauth_auth_codes
    ADD COLUMN IF NOT EXISTS address VARCHAR(45) CHARACTER SET ascii COLLATE ascii_bin NULL COMMENT 'where the user agreed, for first-party clients',
    ADD COLUMN IF NOT EXISTS user_agent VARCHAR(255) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NULL,
    LOCK=NONE
