-- Laravel's own key treats josé@ and jose@ as equal. In Consulate's own tables the normal form
-- decides.
ALTER TABLE users
    ADD COLUMN IF NOT EXISTS email_normal VARCHAR(400) CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin NULL
        COMMENT 'local part in lower case, domain in ASCII; NULL: not computed yet',
    ADD UNIQUE INDEX IF NOT EXISTS consulate_users_email_normal (email_normal),
    ADD INDEX IF NOT EXISTS consulate_users_email (email),
    DROP INDEX IF EXISTS users_email_unique
