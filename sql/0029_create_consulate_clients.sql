-- What the repositories read: on the tables of another Passport, `consulate adopt` makes it look the same. Clients of another provider are for the people of
-- another table than users, whose ids are the same numbers.
CREATE OR REPLACE ALGORITHM=MERGE SQL SECURITY INVOKER VIEW consulate_clients AS
SELECT id, user_id, name, secret, provider, redirect, personal_access_client, password_client, revoked, created_at, updated_at, allowed_grants,
    first_party, internal
FROM oauth_clients
WHERE provider IS NULL OR provider = 'users'
