ALTER TABLE oauth_auth_codes
    ADD INDEX IF NOT EXISTS consulate_auth_codes_client (client_id),
    ADD INDEX IF NOT EXISTS consulate_auth_codes_expiry (expires_at),
    ALGORITHM=NOCOPY, LOCK=NONE
