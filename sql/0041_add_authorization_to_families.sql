ALTER TABLE oauth_refresh_families
    ADD COLUMN IF NOT EXISTS authorization TEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NULL COMMENT 'JSON of the agreed data beyond plain OAuth'
