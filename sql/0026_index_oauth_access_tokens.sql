-- The indexes are separate from the columns. MariaDB adds columns instantly, but it would copy the
-- whole table for columns together with an index.
ALTER TABLE oauth_access_tokens
    ADD INDEX IF NOT EXISTS consulate_access_tokens_family (family_id),
    ADD INDEX IF NOT EXISTS consulate_access_tokens_client (client_id),
    ADD INDEX IF NOT EXISTS consulate_access_tokens_expiry (expires_at),
    ALGORITHM=NOCOPY, LOCK=NONE
