-- OpenCPS: procedures by national code where the installation maps one, else by their local code.
SELECT COALESCE(NULLIF(m.serviceCodeDVCQG, ''), s.serviceCode) AS procedure_code,
       MIN(s.serviceName) AS procedure_name,
       MIN(s.domainCode) AS sector_code,
       MIN(s.domainName) AS sector_name
FROM opencps_serviceinfo s
LEFT JOIN (
    SELECT groupId, serviceCode, MIN(serviceCodeDVCQG) AS serviceCodeDVCQG
    FROM opencps_serviceinfomapping GROUP BY groupId, serviceCode
) m ON m.groupId = s.groupId AND m.serviceCode = s.serviceCode
WHERE s.serviceCode IS NOT NULL AND s.serviceCode <> ''
GROUP BY COALESCE(NULLIF(m.serviceCodeDVCQG, ''), s.serviceCode);
