UPDATE oauth_auth_codes c JOIN oauth_refresh_families f ON f.id = c.family_id
SET c.expires_at = f.expires_at
WHERE c.revoked = 1 AND c.expires_at < f.expires_at
