-- The view through which the repositories read users. If Laravel only marks users as deleted, the
-- view of `consulate adopt` omits these users. Everything else is as in `consulate_clients`.
CREATE OR REPLACE ALGORITHM=MERGE SQL SECURITY INVOKER VIEW consulate_users AS
SELECT id, name, email, password, created_at, updated_at FROM users
