-- What the repositories read: where Laravel only marks users as deleted, `consulate adopt` leaves those out.
CREATE OR REPLACE ALGORITHM=MERGE SQL SECURITY INVOKER VIEW consulate_users AS
SELECT id, name, email, password, created_at, updated_at FROM users
