-- Passport's table.
CREATE TABLE IF NOT EXISTS oauth_access_tokens (
    id VARCHAR(100) NOT NULL COMMENT 'jti of the token',
    user_id BIGINT UNSIGNED DEFAULT NULL COMMENT 'NULL: a client on its own behalf',
    client_id CHAR(36) NOT NULL,
    name VARCHAR(255) DEFAULT NULL COMMENT 'of a personal token',
    scopes TEXT DEFAULT NULL COMMENT 'JSON array',
    revoked TINYINT(1) NOT NULL,
    created_at TIMESTAMP NULL DEFAULT NULL,
    updated_at TIMESTAMP NULL DEFAULT NULL,
    expires_at DATETIME DEFAULT NULL,
    PRIMARY KEY (id),
    KEY oauth_access_tokens_user_id_index (user_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci
