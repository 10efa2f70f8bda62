ALTER TABLE oauth_sessions
    ADD COLUMN IF NOT EXISTS signed_in_for CHAR(64) NULL COMMENT 'SHA-256 of the address that the user signed in for'
