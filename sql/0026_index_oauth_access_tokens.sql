-- Apart from the columns: those are added at once, and together with an index the whole table would be copied.
ALTER TABLE oauth_access_tokens
    ADD INDEX IF NOT EXISTS consulate_access_tokens_family (family_id),
    ADD INDEX IF NOT EXISTS consulate_access_tokens_client (client_id),
    ADD INDEX IF NOT EXISTS consulate_access_tokens_expiry (expires_at),
    ALGORITHM=NOCOPY, LOCK=NONE
