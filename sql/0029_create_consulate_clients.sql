-- The view through which the repositories read clients. For Passport's tables, `consulate adopt`
-- creates a view that looks the same. If Consulate created the tables, a connection reads the
-- tables directly, except a connection that was opened before. Clients of another provider belong
-- to the users of another table. The ids of those users are the same numbers.
CREATE OR REPLACE ALGORITHM=MERGE SQL SECURITY INVOKER VIEW consulate_clients AS
SELECT id, user_id, name, secret, provider, redirect, personal_access_client, password_client, revoked, created_at, updated_at, allowed_grants,
    first_party, internal
FROM oauth_clients
WHERE provider IS NULL OR provider = 'users'
