-- Fills in the last uses that were known before families recorded their last use themselves.
UPDATE oauth_refresh_families f
SET f.last_used_at = (SELECT MAX(COALESCE(t.last_used_at, t.created_at)) FROM oauth_access_tokens t WHERE t.family_id = f.id)
WHERE f.last_used_at IS NULL AND f.revoked = 0 AND f.expires_at > UTC_TIMESTAMP()
