-- From here to the end of the transaction as another role ('none': as oneself), on behalf of a user.
-- $1 the role, $2 the user's id, '' nobody.
SELECT set_config('request.jwt.claims',
                  CASE WHEN $2::text = '' THEN ''
                       ELSE jsonb_build_object('sub', $2::text, 'role', $1::text)::text END, true) ||
       set_config('request.jwt.claim.sub', $2::text, true) ||
       set_config('role', $1::text, true) AS id
