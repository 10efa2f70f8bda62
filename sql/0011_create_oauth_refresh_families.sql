CREATE TABLE IF NOT EXISTS oauth_refresh_families (
    id CHAR(32) NOT NULL,
    user_id VARCHAR(36) NOT NULL,
    client_id VARCHAR(36) NOT NULL,
    grant_type VARCHAR(32) NOT NULL COMMENT 'what founded it',
    scopes TEXT CHARACTER SET utf8mb4 NOT NULL COMMENT 'JSON array of what the user granted',
    revoked TINYINT(1) NOT NULL DEFAULT 0,
    created_at DATETIME NOT NULL,
    expires_at DATETIME NOT NULL COMMENT 'no rotation outlives it',
    PRIMARY KEY (id),
    KEY user_and_client (user_id, client_id),
    KEY client (client_id),
    KEY expiry (expires_at)
) ENGINE=InnoDB DEFAULT CHARSET=ascii COLLATE=ascii_bin COMMENT='One row for each grant a user gave, and the tokens that follow from it'
