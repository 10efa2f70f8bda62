INSERT INTO oauth_personal_access_clients (client_id, created_at, updated_at)
SELECT id, created_at, updated_at FROM oauth_clients
WHERE internal = 'personal' AND NOT EXISTS (SELECT 1 FROM oauth_personal_access_clients)
