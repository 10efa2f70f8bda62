ALTER TABLE oauth_refresh_families
    ADD COLUMN IF NOT EXISTS last_used_at DATETIME NULL COMMENT 'to the hour, or the last rotation'
