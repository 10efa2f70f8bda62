CREATE TABLE IF NOT EXISTS oauth_sessions (
    id CHAR(64) NOT NULL COMMENT 'SHA-256 of the cookie',
    user_id VARCHAR(36) NOT NULL,
    address VARCHAR(45) NOT NULL,
    user_agent VARCHAR(255) CHARACTER SET utf8mb4 NOT NULL,
    created_at DATETIME NOT NULL,
    last_seen_at DATETIME NOT NULL,
    expires_at DATETIME NOT NULL,
    PRIMARY KEY (id),
    KEY user (user_id),
    KEY expiry (expires_at)
) ENGINE=InnoDB DEFAULT CHARSET=ascii COLLATE=ascii_bin COMMENT='Browsers that are signed in'
