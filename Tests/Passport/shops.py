"""The changes of shops to Passport's tables before Consulate moves in.

Each change consists of SQL and of the environment of the shop's MariaDB.
"""

FOREIGN_KEYS = """
DELETE FROM oauth_access_tokens WHERE client_id NOT IN (SELECT id FROM oauth_clients) OR user_id NOT IN (SELECT id FROM users);
DELETE FROM oauth_auth_codes WHERE client_id NOT IN (SELECT id FROM oauth_clients) OR user_id NOT IN (SELECT id FROM users);
ALTER TABLE oauth_access_tokens ADD FOREIGN KEY (client_id) REFERENCES oauth_clients (id), ADD FOREIGN KEY (user_id) REFERENCES users (id);
ALTER TABLE oauth_auth_codes ADD FOREIGN KEY (client_id) REFERENCES oauth_clients (id), ADD FOREIGN KEY (user_id) REFERENCES users (id);
"""

COLLATIONS = """
ALTER TABLE users MODIFY id VARCHAR(36) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL;
ALTER TABLE oauth_clients MODIFY user_id VARCHAR(36) CHARACTER SET latin1 NULL;
ALTER TABLE oauth_access_tokens MODIFY user_id VARCHAR(36) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci NULL;
ALTER TABLE oauth_auth_codes MODIFY user_id VARCHAR(36) CHARACTER SET utf8mb3 COLLATE utf8mb3_unicode_ci NOT NULL;
ALTER TABLE oauth_refresh_tokens CONVERT TO CHARACTER SET utf8mb4 COLLATE utf8mb4_uca1400_ai_ci;
"""

USERS = """
ALTER TABLE users MODIFY password VARCHAR(255) NULL, MODIFY email VARCHAR(255) NULL, MODIFY name VARCHAR(255) NULL,
    ADD COLUMN two_factor_secret TEXT NULL, ADD COLUMN two_factor_confirmed_at TIMESTAMP NULL;
INSERT INTO users (name, email, password) VALUES ('Social', 'social@example.com', NULL), ('Phone', NULL, NULL), (NULL, 'nameless@example.com', '');
"""

SHOPS = {
    "as Passport makes it": ("", {}),
    "foreign keys": (FOREIGN_KEYS, {}),
    "collations": (COLLATIONS, {}),
    "users": (USERS, {}),
    "a time zone": ("", {"TZ": "CET-1CEST,M3.5.0,M10.5.0/3"}),
}
