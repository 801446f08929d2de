-- OpenCPS: which agency offers which procedure. postService says whether the result may be returned by post (1 yes, 0 no, NULL not known);
-- nothing in OpenCPS says whether the dossier may be sent in by post.
SELECT sc.govAgencyCode AS agency_code,
       COALESCE(NULLIF(m.serviceCodeDVCQG, ''), s.serviceCode) AS procedure_code,
       NULL AS postal_receive,
       MAX(sc.postService) AS postal_return
FROM opencps_serviceconfig sc
JOIN opencps_serviceinfo s ON s.serviceInfoId = sc.serviceInfoId
LEFT JOIN (
    SELECT groupId, serviceCode, MIN(serviceCodeDVCQG) AS serviceCodeDVCQG
    FROM opencps_serviceinfomapping GROUP BY groupId, serviceCode
) m ON m.groupId = s.groupId AND m.serviceCode = s.serviceCode
WHERE sc.govAgencyCode IS NOT NULL AND sc.govAgencyCode <> ''
GROUP BY sc.govAgencyCode, COALESCE(NULLIF(m.serviceCodeDVCQG, ''), s.serviceCode);
