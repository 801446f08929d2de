-- OpenCPS (MariaDB, MySQL): every agency of the catalogue, also those without a dossier. The same agency may be listed on several sites.
SELECT a.itemCode AS agency_code,
       MIN(a.itemName) AS agency_name,
       CASE WHEN MAX(g.groupCode = 'SBN') = 1 THEN 'province'
            WHEN MAX(g.groupCode = 'QUAN_HUYEN') = 1 THEN 'district'
            WHEN MAX(g.groupCode = 'XA_PHUONG') = 1 THEN 'commune'
            ELSE 'other' END AS level,
       MAX(p.itemCode) AS parent_code
FROM opencps_dictitem a
JOIN opencps_dictcollection c ON c.dictCollectionId = a.dictCollectionId AND c.collectionCode = 'GOVERNMENT_AGENCY'
LEFT JOIN opencps_dictitem p ON p.dictItemId = a.parentItemId
LEFT JOIN opencps_dictitemgroup ig ON ig.dictItemId = a.dictItemId
LEFT JOIN opencps_dictgroup g ON g.dictGroupId = ig.dictGroupId
WHERE a.itemCode IS NOT NULL AND a.itemCode <> ''
GROUP BY a.itemCode;
