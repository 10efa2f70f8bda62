-- What the repositories read: on the tables of another Passport, `consulate adopt` makes it look the same.
CREATE OR REPLACE ALGORITHM=MERGE SQL SECURITY INVOKER VIEW consulate_clients AS
SELECT id, user_id, name, secret, provider, redirect, personal_access_client, password_client, revoked, created_at, updated_at, allowed_grants,
    first_party, internal
FROM oauth_clients
