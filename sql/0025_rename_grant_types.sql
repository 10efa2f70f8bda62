-- A Passport 13 on the tables of an older version takes a column grant_types as a sign that the
-- tables are its own.
ALTER TABLE oauth_clients
    CHANGE COLUMN IF EXISTS grant_types allowed_grants TEXT NULL COMMENT 'JSON array of the grants it may use; NULL: by Passport''s rule'
