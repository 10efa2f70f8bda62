ALTER TABLE users ADD INDEX IF NOT EXISTS consulate_users_name (name), LOCK=NONE
