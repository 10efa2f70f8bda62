ALTER TABLE oauth_access_tokens
    ADD COLUMN IF NOT EXISTS last_used_at DATETIME NULL COMMENT 'to the hour; a token that lives for one is used when it is issued',
    LOCK=NONE
