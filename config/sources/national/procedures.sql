-- National dossier records: the procedures that occur in ho_so, codes without the suffix of the province (.H35, .000.00.00.H35).
SELECT procedure_code,
       MIN(procedure_name) AS procedure_name,
       MIN(sector_code) AS sector_code,
       MIN(sector_name) AS sector_name
FROM (VALUES (NULL::text, NULL::text, NULL::text)) AS absent (TenTTHC, MaLinhVuc, TenLinhVuc)
CROSS JOIN LATERAL (
    SELECT NULLIF(REGEXP_REPLACE(BTRIM(MaTTHC::text), '([.]000[.]00[.]00)?[.]H[0-9]{2}$', ''), '') AS procedure_code,
           NULLIF(BTRIM(TenTTHC::text), '') AS procedure_name,
           NULLIF(BTRIM(MaLinhVuc::text), '') AS sector_code,
           NULLIF(BTRIM(TenLinhVuc::text), '') AS sector_name
    FROM ho_so
) AS h
WHERE procedure_code IS NOT NULL
GROUP BY procedure_code;
