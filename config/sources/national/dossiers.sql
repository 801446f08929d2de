-- National dossier records in PostgreSQL: the table ho_so with the fields of the national record as text, column names not quoted (MaHoSo and mahoso
-- are one name to PostgreSQL). No field about the applicant is read.
-- A field of the first VALUES may be missing from ho_so: the name then means the NULL beside it. The others must be there.
-- Dates are text yyyyMMddHHmmss in Viet Nam time; one that is no date becomes NULL, never an error.
-- KenhThucHien 1 counter, 2 online, 3 post; HinhThucTra 0 counter, 1 post. Any other code passes unchanged, for the check to show.
WITH record AS (
    SELECT h.*
    FROM (VALUES (NULL::text, NULL::text, NULL::text)) AS absent (DonViXuLy, NgayKetThucXuLy, NgayTra)
    CROSS JOIN LATERAL (
        SELECT BTRIM(MaHoSo::text) AS dossier_id,
               COALESCE(NULLIF(BTRIM(DonViXuLy::text), ''), SUBSTRING(BTRIM(MaHoSo::text) FROM '^([0-9A-Z.]+)-[0-9]{6}-[0-9]{4,6}$')) AS agency_code,
               NULLIF(REGEXP_REPLACE(BTRIM(MaTTHC::text), '([.]000[.]00[.]00)?[.]H[0-9]{2}$', ''), '') AS procedure_code,
               NULLIF(BTRIM(KenhThucHien::text), '') AS received_code,
               NULLIF(BTRIM(HinhThucTra::text), '') AS returned_code,
               CASE WHEN BTRIM(TrangThaiHoSo::text) ~ '^([1-9]|10)$' THEN BTRIM(TrangThaiHoSo::text)::smallint ELSE 0::smallint END AS status,
               SUBSTRING(NgayTiepNhan::text FROM '^[12][0-9]{3}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])(?:[01][0-9]|2[0-3])(?:[0-5][0-9]){2}$') AS received,
               SUBSTRING(NgayHenTra::text FROM '^[12][0-9]{3}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])(?:[01][0-9]|2[0-3])(?:[0-5][0-9]){2}$') AS due,
               SUBSTRING(NgayKetThucXuLy::text FROM '^[12][0-9]{3}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])(?:[01][0-9]|2[0-3])(?:[0-5][0-9]){2}$') AS completed,
               SUBSTRING(NgayTra::text FROM '^[12][0-9]{3}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])(?:[01][0-9]|2[0-3])(?:[0-5][0-9]){2}$') AS returned
        FROM ho_so
    ) AS h
), dated AS (
    -- The day counted from the first of its month: 31 February rolls into March, which the comparison below sees.
    SELECT record.*,
           TO_DATE(LEFT(received, 6), 'YYYYMM') + SUBSTRING(received, 7, 2)::int - 1 AS received_on,
           TO_DATE(LEFT(due, 6), 'YYYYMM') + SUBSTRING(due, 7, 2)::int - 1 AS due_on,
           TO_DATE(LEFT(completed, 6), 'YYYYMM') + SUBSTRING(completed, 7, 2)::int - 1 AS completed_on,
           TO_DATE(LEFT(returned, 6), 'YYYYMM') + SUBSTRING(returned, 7, 2)::int - 1 AS returned_on
    FROM record
)
SELECT dossier_id,
       agency_code,
       procedure_code,
       CASE received_code WHEN '1' THEN 'counter' WHEN '2' THEN 'online' WHEN '3' THEN 'post' ELSE received_code END AS received_channel,
       CASE returned_code WHEN '0' THEN 'counter' WHEN '1' THEN 'post' ELSE returned_code END AS returned_channel,
       CASE WHEN TO_CHAR(received_on, 'YYYYMMDD') = LEFT(received, 8) THEN received_on + SUBSTRING(received, 9)::time END AS received_at,
       CASE WHEN TO_CHAR(due_on, 'YYYYMMDD') = LEFT(due, 8) THEN due_on + SUBSTRING(due, 9)::time END AS due_at,
       CASE WHEN TO_CHAR(completed_on, 'YYYYMMDD') = LEFT(completed, 8) THEN completed_on + SUBSTRING(completed, 9)::time END AS completed_at,
       CASE WHEN status = 10 AND TO_CHAR(returned_on, 'YYYYMMDD') = LEFT(returned, 8) THEN returned_on + SUBSTRING(returned, 9)::time END AS returned_at,
       status
FROM dated
WHERE status NOT IN (1, 3) OR received IS NOT NULL; -- registered or refused without a receipt: not countable
