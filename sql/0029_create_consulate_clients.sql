-- The name by which the repositories read clients: on a Passport's tables `consulate adopt` makes it look the same. Where Consulate made the tables, a connection reads them as they are,
-- but for one that was open before. Clients of another provider are for the people of another table than users, whose ids are the same numbers.
CREATE OR REPLACE ALGORITHM=MERGE SQL SECURITY INVOKER VIEW consulate_clients AS
SELECT id, user_id, name, secret, provider, redirect, personal_access_client, password_client, revoked, created_at, updated_at, allowed_grants,
    first_party, internal
FROM oauth_clients
WHERE provider IS NULL OR provider = 'users'
