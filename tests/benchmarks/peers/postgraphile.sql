CREATE SCHEMA IF NOT EXISTS peer;
DO $$ BEGIN CREATE TYPE peer.roll_up AS (platforms bigint, topics bigint, key_topics bigint, micro_topics bigint, sessions_held bigint, attendances bigint, outcomes bigint); EXCEPTION WHEN duplicate_object THEN NULL; END $$;
CREATE OR REPLACE FUNCTION peer.division_statistics(place public.division) RETURNS peer.roll_up LANGUAGE sql STABLE AS $$
  SELECT ROW(platforms.total, topics.total, topics.key, topics.total - topics.key, sessions.held, sessions.attendances, outcomes.total)::peer.roll_up
  FROM
    (SELECT count(*) AS total FROM public.platform WHERE division_number >= place.number AND division_number < place.upper) AS platforms,
    (SELECT count(*) AS total, count(*) FILTER (WHERE kind = 'KEY') AS key FROM public.topic WHERE division_number >= place.number AND division_number < place.upper AND listed_at IS NOT NULL) AS topics,
    (SELECT count(*) AS held, coalesce(sum(headcount), 0) AS attendances FROM public.session WHERE division_number >= place.number AND division_number < place.upper AND status = 'HELD') AS sessions,
    (SELECT count(*) AS total FROM public.outcome WHERE division_number >= place.number AND division_number < place.upper) AS outcomes
$$;
