-- A session of an earlier version has NULL here. Its columns id and created_at then have the
-- values.
ALTER TABLE oauth_sessions
    ADD COLUMN IF NOT EXISTS number CHAR(32) NULL COMMENT 'stays when the same user signs in again; NULL: the first half of id',
    ADD COLUMN IF NOT EXISTS authenticated_at DATETIME NULL COMMENT 'NULL: created_at',
    ADD COLUMN IF NOT EXISTS methods VARCHAR(191) NULL COMMENT 'JSON array of values of RFC 8176; NULL: a password',
    MODIFY COLUMN signed_in_for CHAR(64) NULL COMMENT 'oauth_pending_authorizations.id of the request that the user signed in for'
