CREATE OR REPLACE ALGORITHM=MERGE SQL SECURITY INVOKER VIEW consulate_clients AS
SELECT id, user_id, name, secret, provider, redirect, personal_access_client, password_client, revoked, created_at, updated_at, allowed_grants,
    first_party, internal, client_metadata
FROM oauth_clients
WHERE provider IS NULL OR provider = 'users'
