-- The column max_age stays, because responders of the earlier version write it during an upgrade.
UPDATE oauth_pending_authorizations SET authorization = JSON_OBJECT('max_age', max_age)
    WHERE max_age IS NOT NULL AND authorization IS NULL
