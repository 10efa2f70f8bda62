ALTER TABLE oauth_clients
    ADD COLUMN IF NOT EXISTS client_metadata TEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NULL COMMENT 'JSON with the names of RFC 7591, of members without a column of their own',
    LOCK=NONE
