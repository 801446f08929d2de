-- OpenCPS: one row per countable dossier. No column about the applicant is read: city, district and ward in opencps_dossier are the applicant's.
-- Times: the portal writes GMT (the Liferay default). Where its JVM runs in Asia/Ho_Chi_Minh, change every '+00:00' below to '+07:00'.
-- Offsets, not zone names: CONVERT_TZ with a name is NULL on a server without zone tables.
-- viaPostal 0 means "never recorded" unless the procedure does not offer the post: OpenCPS writes 0 for an unset number.
-- finishDate is also set when a dossier is denied, cancelled or left unresolved: only 'done' was handed over.
SELECT CAST(d.dossierId AS CHAR) AS dossier_id,
       NULLIF(TRIM(d.govAgencyCode), '') AS agency_code,
       COALESCE(NULLIF(pm.serviceCodeDVCQG, ''), NULLIF(TRIM(d.serviceCode), '')) AS procedure_code,
       CASE WHEN d.online_ = 1 THEN 'online'
            WHEN d.fromViaPostal > 0 THEN 'post'
            ELSE 'counter' END AS received_channel,
       CASE WHEN d.viaPostal >= 2 THEN 'post'
            WHEN d.viaPostal = 1 THEN 'counter'
            WHEN d.viaPostal = 0 AND cfg.postService = 0 THEN 'counter' END AS returned_channel,
       CASE d.viaPostal WHEN 2 THEN 'registered' WHEN 3 THEN 'shipped' WHEN 4 THEN 'delivered' END AS postal_stage,
       CONVERT_TZ(d.receiveDate, '+00:00', '+07:00') AS received_at,
       CONVERT_TZ(d.dueDate, '+00:00', '+07:00') AS due_at,
       CONVERT_TZ(d.releaseDate, '+00:00', '+07:00') AS completed_at,
       CASE WHEN d.dossierStatus = 'done' THEN CONVERT_TZ(d.finishDate, '+00:00', '+07:00') END AS returned_at,
       CAST(COALESCE(NULLIF(ms.code, ''), NULLIF(mt.code, ''),
           CASE d.dossierStatus
               WHEN 'new' THEN '1' WHEN 'receiving' THEN '1' WHEN 'collecting' THEN '1'
               WHEN 'denied' THEN '3'
               WHEN 'processing' THEN '4' WHEN 'interoperating' THEN '4' WHEN 'handover' THEN '4' WHEN 'pausing' THEN '4'
               WHEN 'waiting' THEN '5' WHEN 'correcting' THEN '5'
               WHEN 'paying' THEN '6'
               WHEN 'cancelling' THEN '7' WHEN 'cancelled' THEN '7'
               WHEN 'unresolved' THEN '8'
               WHEN 'releasing' THEN '9' WHEN 'posting' THEN '9'
               WHEN 'done' THEN '10' END, '0') AS SIGNED) AS status,
       fee.postal_fee AS postal_fee
FROM opencps_dossier d
LEFT JOIN (
    SELECT groupId, serviceCode, MIN(serviceCodeDVCQG) AS serviceCodeDVCQG
    FROM opencps_serviceinfomapping GROUP BY groupId, serviceCode
) pm ON pm.groupId = d.groupId AND pm.serviceCode = d.serviceCode
LEFT JOIN (
    SELECT s.groupId, s.serviceCode, sc.govAgencyCode, MAX(sc.postService) AS postService
    FROM opencps_serviceconfig sc JOIN opencps_serviceinfo s ON s.serviceInfoId = sc.serviceInfoId
    GROUP BY s.groupId, s.serviceCode, sc.govAgencyCode
) cfg ON cfg.groupId = d.groupId AND cfg.serviceCode = d.serviceCode AND cfg.govAgencyCode = d.govAgencyCode
LEFT JOIN (
    SELECT groupId, subStatusCode, MIN(statusCodeDVCQG) AS code
    FROM opencps_dossierstatusmapping WHERE subStatusCode IS NOT NULL AND subStatusCode <> '' GROUP BY groupId, subStatusCode
) ms ON ms.groupId = d.groupId AND ms.subStatusCode = NULLIF(d.dossierSubStatus, '')
LEFT JOIN (
    SELECT groupId, statusCode, MIN(statusCodeDVCQG) AS code
    FROM opencps_dossierstatusmapping WHERE subStatusCode IS NULL OR subStatusCode = '' GROUP BY groupId, statusCode
) mt ON mt.groupId = d.groupId AND mt.statusCode = d.dossierStatus
LEFT JOIN (
    SELECT dossierId, SUM(shipAmount) AS postal_fee FROM opencps_paymentfile GROUP BY dossierId
) fee ON fee.dossierId = d.dossierId
WHERE d.originality BETWEEN 0 AND 4  -- 9 is a group header, negative is soft-deleted
  AND d.originDossierId = 0          -- no sub-dossiers, no linked copies
  AND d.dossierActionId <> 0         -- no drafts that never entered a workflow
  AND d.receiveDate IS NOT NULL;
