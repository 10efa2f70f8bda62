-- Passport's table.
CREATE TABLE IF NOT EXISTS oauth_refresh_tokens (
    id VARCHAR(100) NOT NULL COMMENT 'SHA-256 of the token',
    access_token_id VARCHAR(100) NOT NULL,
    revoked TINYINT(1) NOT NULL,
    expires_at DATETIME DEFAULT NULL,
    PRIMARY KEY (id),
    KEY oauth_refresh_tokens_access_token_id_index (access_token_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci
