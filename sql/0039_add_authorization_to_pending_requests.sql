ALTER TABLE oauth_pending_authorizations
    ADD COLUMN IF NOT EXISTS authorization TEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NULL COMMENT 'JSON of the request''s data beyond plain OAuth'
