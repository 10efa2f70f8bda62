ALTER TABLE oauth_pending_authorizations
    ADD COLUMN IF NOT EXISTS max_age INT UNSIGNED NULL COMMENT 'seconds that the sign-in may be old at the decision; NULL: any',
    ADD INDEX IF NOT EXISTS session (session_id, expires_at)
