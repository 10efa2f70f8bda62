-- Passport's table, as Passport creates it with `--uuids`.
CREATE TABLE IF NOT EXISTS oauth_clients (
    id CHAR(36) NOT NULL,
    user_id BIGINT UNSIGNED DEFAULT NULL COMMENT 'who made it; NULL: the console',
    name VARCHAR(255) NOT NULL,
    secret VARCHAR(100) DEFAULT NULL COMMENT 'sha256: and a digest; rows of Passport: plain or bcrypt; NULL: a public client',
    provider VARCHAR(255) DEFAULT NULL,
    redirect TEXT NOT NULL COMMENT 'redirect URIs, with commas between them',
    personal_access_client TINYINT(1) NOT NULL,
    password_client TINYINT(1) NOT NULL,
    revoked TINYINT(1) NOT NULL,
    created_at TIMESTAMP NULL DEFAULT NULL,
    updated_at TIMESTAMP NULL DEFAULT NULL,
    PRIMARY KEY (id),
    KEY oauth_clients_user_id_index (user_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci
