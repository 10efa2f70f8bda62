-- The name by which the repositories read users: where Laravel only marks them as deleted, `consulate adopt` leaves those out. Otherwise as `consulate_clients`.
CREATE OR REPLACE ALGORITHM=MERGE SQL SECURITY INVOKER VIEW consulate_users AS
SELECT id, name, email, password, created_at, updated_at FROM users
