-- Passport's table. It names the client under which Passport issues personal tokens.
CREATE TABLE IF NOT EXISTS oauth_personal_access_clients (
    id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT,
    client_id CHAR(36) NOT NULL,
    created_at TIMESTAMP NULL DEFAULT NULL,
    updated_at TIMESTAMP NULL DEFAULT NULL,
    PRIMARY KEY (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci
