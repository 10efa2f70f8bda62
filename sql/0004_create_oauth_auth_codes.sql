-- Passport's table.
CREATE TABLE IF NOT EXISTS oauth_auth_codes (
    id VARCHAR(100) NOT NULL COMMENT 'SHA-256 of the code',
    user_id BIGINT UNSIGNED NOT NULL,
    client_id CHAR(36) NOT NULL,
    scopes TEXT DEFAULT NULL COMMENT 'JSON array',
    revoked TINYINT(1) NOT NULL COMMENT '1: used',
    expires_at DATETIME DEFAULT NULL,
    PRIMARY KEY (id),
    KEY oauth_auth_codes_user_id_index (user_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci
