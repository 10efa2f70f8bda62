ALTER TABLE oauth_clients
    ADD COLUMN IF NOT EXISTS grant_types TEXT NULL COMMENT 'JSON array of the grants it may use; NULL: by Passport''s rule',
    ADD COLUMN IF NOT EXISTS first_party TINYINT(1) NULL COMMENT '1: users are not asked for consent',
    ADD COLUMN IF NOT EXISTS internal VARCHAR(20) NULL COMMENT 'sign-in or personal: made by us, for us',
    ADD UNIQUE INDEX IF NOT EXISTS consulate_clients_internal (internal)
