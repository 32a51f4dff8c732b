-- As the Auth server is connected, or as oneself again, from here to the end of the transaction.
-- $1 the role ('none': one's own), $2 the search_path.
SELECT set_config('search_path', $2::text, true) || set_config('role', $1::text, true) AS id
