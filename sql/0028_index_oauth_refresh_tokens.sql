ALTER TABLE oauth_refresh_tokens
    ADD INDEX IF NOT EXISTS consulate_refresh_tokens_family (family_id),
    ADD INDEX IF NOT EXISTS consulate_refresh_tokens_expiry (expires_at),
    ALGORITHM=NOCOPY, LOCK=NONE
