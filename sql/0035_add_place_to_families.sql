ALTER TABLE oauth_refresh_families
    ADD COLUMN IF NOT EXISTS address VARCHAR(45) NULL COMMENT 'where the user signed in; NULL: unknown',
    ADD COLUMN IF NOT EXISTS user_agent VARCHAR(255) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NULL
