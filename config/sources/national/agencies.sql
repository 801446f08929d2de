-- National dossier records: the units that occur in ho_so. A unit without a dossier is not known here; add a catalogue of units by a source of your own.
-- The record does not say the level of a unit: 'other'.
SELECT agency_code,
       COALESCE(MIN(agency_name), agency_code) AS agency_name,
       'other' AS level
FROM (VALUES (NULL::text, NULL::text)) AS absent (DonViXuLy, TenDonViXuLy)
CROSS JOIN LATERAL (
    SELECT COALESCE(NULLIF(BTRIM(DonViXuLy::text), ''), SUBSTRING(BTRIM(MaHoSo::text) FROM '^([0-9A-Z.]+)-[0-9]{6}-[0-9]{4,6}$')) AS agency_code,
           NULLIF(BTRIM(TenDonViXuLy::text), '') AS agency_name
    FROM ho_so
) AS h
WHERE agency_code IS NOT NULL
GROUP BY agency_code;
