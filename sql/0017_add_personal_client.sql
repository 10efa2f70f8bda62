INSERT IGNORE INTO oauth_clients (id, name, redirect, personal_access_client, password_client, revoked, created_at, updated_at, grant_types, internal)
VALUES (UUID(), 'Personal Access Client', '', 1, 0, 0, UTC_TIMESTAMP(), UTC_TIMESTAMP(), '[]', 'personal')
