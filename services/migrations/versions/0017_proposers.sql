-- Of topics proposed before, nobody knows who did.

ALTER TABLE topic ADD COLUMN subject VARCHAR;
ALTER TABLE topic_history ADD COLUMN subject VARCHAR;
SELECT define_as_of('topic');
