"""Text and variables of each operation. Written by ``generator``: do not edit."""

#: Operation -> its text.
QUERIES = {
    "getCharacterById": """
query getCharacterById($id: Int!) {
  characterData {
    character(id: $id) {
      id
      name
      classID
      raceID
      guildRank
      hidden
      server {
        name
        region {
          name
        }
      }
    }
  }
}
""",
    "getCharacterReports": """
query getCharacterReports($characterId: Int!, $limit: Int = 10) {
  characterData {
    character(id: $characterId) {
      recentReports(limit: $limit) {
        data {
          code
          startTime
          endTime
          zone {
            name
          }
        }
        total
        per_page
        current_page
        from
        to
        last_page
        has_more_pages
      }
    }
  }
}
""",
    "getCharacterEncounterRanking": """
query getCharacterEncounterRanking($characterId: Int!, $encounterId: Int!) {
  characterData {
    character(id: $characterId) {
      encounterRankings(encounterID: $encounterId)
    }
  }
}
""",
    "getCharacterEncounterRankings": """
query getCharacterEncounterRankings($characterId: Int!, $encounterId: Int!, $byBracket: Boolean, $className: String, $compare: RankingCompareType, $difficulty: Int, $includeCombatantInfo: Boolean, $includePrivateLogs: Boolean, $metric: CharacterRankingMetricType, $partition: Int, $role: RoleType, $size: Int, $specName: String, $timeframe: RankingTimeframeType) {
  characterData {
    character(id: $characterId) {
      encounterRankings(
        encounterID: $encounterId
        byBracket: $byBracket
        className: $className
        compare: $compare
        difficulty: $difficulty
        includeCombatantInfo: $includeCombatantInfo
        includePrivateLogs: $includePrivateLogs
        metric: $metric
        partition: $partition
        role: $role
        size: $size
        specName: $specName
        timeframe: $timeframe
      )
    }
  }
}
""",
    "getCharacterZoneRankings": """
query getCharacterZoneRankings($characterId: Int!, $zoneId: Int, $byBracket: Boolean, $className: String, $compare: RankingCompareType, $difficulty: Int, $includePrivateLogs: Boolean, $metric: CharacterRankingMetricType, $partition: Int, $role: RoleType, $size: Int, $specName: String, $timeframe: RankingTimeframeType) {
  characterData {
    character(id: $characterId) {
      zoneRankings(
        zoneID: $zoneId
        byBracket: $byBracket
        className: $className
        compare: $compare
        difficulty: $difficulty
        includePrivateLogs: $includePrivateLogs
        metric: $metric
        partition: $partition
        role: $role
        size: $size
        specName: $specName
        timeframe: $timeframe
      )
    }
  }
}
""",
    "getAbility": """
query getAbility($id: Int!) {
  gameData {
    ability(id: $id) {
      id
      name
      icon
      description
    }
  }
}
""",
    "getAbilities": """
query getAbilities($limit: Int, $page: Int) {
  gameData {
    abilities(limit: $limit, page: $page) {
      data {
        id
        name
        icon
      }
      total
      per_page
      current_page
      from
      to
      last_page
      has_more_pages
    }
  }
}
""",
    "getClass": """
query getClass($id: Int!) {
  gameData {
    class(id: $id) {
      id
      name
      slug
    }
  }
}
""",
    "getClasses": """
query getClasses($faction_id: Int, $zone_id: Int) {
  gameData {
    classes(faction_id: $faction_id, zone_id: $zone_id) {
      id
      name
      slug
    }
  }
}
""",
    "getFactions": """
query getFactions {
  gameData {
    factions {
      id
      name
    }
  }
}
""",
    "getItem": """
query getItem($id: Int!) {
  gameData {
    item(id: $id) {
      id
      name
      icon
    }
  }
}
""",
    "getItems": """
query getItems($limit: Int, $page: Int) {
  gameData {
    items(limit: $limit, page: $page) {
      data {
        id
        name
        icon
      }
      total
      per_page
      current_page
      from
      to
      last_page
      has_more_pages
    }
  }
}
""",
    "getItemSet": """
query getItemSet($id: Int!) {
  gameData {
    item_set(id: $id) {
      id
      name
    }
  }
}
""",
    "getItemSets": """
query getItemSets($limit: Int, $page: Int) {
  gameData {
    item_sets(limit: $limit, page: $page) {
      data {
        id
        name
      }
      total
      per_page
      current_page
      from
      to
      last_page
      has_more_pages
    }
  }
}
""",
    "getMap": """
query getMap($id: Int!) {
  gameData {
    map(id: $id) {
      id
      name
    }
  }
}
""",
    "getMaps": """
query getMaps($limit: Int, $page: Int) {
  gameData {
    maps(limit: $limit, page: $page) {
      data {
        id
        name
      }
      total
      per_page
      current_page
      from
      to
      last_page
      has_more_pages
    }
  }
}
""",
    "getNPC": """
query getNPC($id: Int!) {
  gameData {
    npc(id: $id) {
      id
      name
    }
  }
}
""",
    "getNPCs": """
query getNPCs($limit: Int, $page: Int) {
  gameData {
    npcs(limit: $limit, page: $page) {
      data {
        id
        name
      }
      total
      per_page
      current_page
      from
      to
      last_page
      has_more_pages
    }
  }
}
""",
    "getGuildById": """
query getGuildById($guildId: Int!) {
  guildData {
    guild(id: $guildId) {
      id
      name
      description
      faction {
        name
      }
      server {
        name
        region {
          name
        }
      }
      tags {
        id
        name
      }
    }
  }
}
""",
    "getGuildByName": """
query getGuildByName($name: String!, $serverSlug: String!, $serverRegion: String!) {
  guildData {
    guild(name: $name, serverSlug: $serverSlug, serverRegion: $serverRegion) {
      id
      name
      description
      faction {
        name
      }
      server {
        name
        region {
          name
        }
      }
      tags {
        id
        name
      }
    }
  }
}
""",
    "getGuilds": """
query getGuilds($limit: Int, $page: Int, $serverID: Int, $serverSlug: String, $serverRegion: String) {
  guildData {
    guilds(
      limit: $limit
      page: $page
      serverID: $serverID
      serverSlug: $serverSlug
      serverRegion: $serverRegion
    ) {
      total
      per_page
      current_page
      from
      to
      last_page
      has_more_pages
      data {
        id
        name
        faction {
          name
        }
        server {
          name
          region {
            name
          }
        }
      }
    }
  }
}
""",
    "getGuildAttendance": """
query getGuildAttendance($guildId: Int!, $guildTagID: Int, $limit: Int = 16, $page: Int = 1, $zoneID: Int) {
  guildData {
    guild(id: $guildId) {
      attendance(guildTagID: $guildTagID, limit: $limit, page: $page, zoneID: $zoneID) {
        total
        per_page
        current_page
        has_more_pages
        data {
          code
          startTime
          players {
            name
            type
            presence
          }
        }
      }
    }
  }
}
""",
    "getGuildMembers": """
query getGuildMembers($guildId: Int!, $limit: Int, $page: Int) {
  guildData {
    guild(id: $guildId) {
      members(limit: $limit, page: $page) {
        total
        per_page
        current_page
        has_more_pages
        data {
          id
          name
          server {
            name
            region {
              name
            }
          }
          guildRank
        }
      }
    }
  }
}
""",
    "getProgressRace": """
query getProgressRace($guildID: Int, $zoneID: Int, $competitionID: Int, $difficulty: Int, $size: Int, $serverRegion: String, $serverSubregion: String, $serverSlug: String, $guildName: String) {
  progressRaceData {
    progressRace(
      guildID: $guildID
      zoneID: $zoneID
      competitionID: $competitionID
      difficulty: $difficulty
      size: $size
      serverRegion: $serverRegion
      serverSubregion: $serverSubregion
      serverSlug: $serverSlug
      guildName: $guildName
    )
  }
}
""",
    "getReportByCode": """
query getReportByCode($code: String!) {
  reportData {
    report(code: $code) {
      code
      startTime
      endTime
      title
      visibility
      zone {
        name
      }
      fights {
        id
        name
        difficulty
        startTime
        endTime
      }
    }
  }
}
""",
    "getReportEvents": """
query getReportEvents($code: String!, $abilityID: Float, $dataType: EventDataType, $death: Int, $difficulty: Int, $encounterID: Int, $endTime: Float, $fightIDs: [Int], $filterExpression: String, $hostilityType: HostilityType, $killType: KillType, $sourceAurasAbsent: String, $sourceAurasPresent: String, $sourceClass: String, $sourceID: Int, $sourceInstanceID: Int, $startTime: Float, $targetAurasAbsent: String, $targetAurasPresent: String, $targetClass: String, $targetID: Int, $targetInstanceID: Int, $translate: Boolean, $viewOptions: Int, $wipeCutoff: Int, $includeResources: Boolean, $limit: Int, $useAbilityIDs: Boolean, $useActorIDs: Boolean) {
  reportData {
    report(code: $code) {
      events(
        abilityID: $abilityID
        dataType: $dataType
        death: $death
        difficulty: $difficulty
        encounterID: $encounterID
        endTime: $endTime
        fightIDs: $fightIDs
        filterExpression: $filterExpression
        hostilityType: $hostilityType
        killType: $killType
        sourceAurasAbsent: $sourceAurasAbsent
        sourceAurasPresent: $sourceAurasPresent
        sourceClass: $sourceClass
        sourceID: $sourceID
        sourceInstanceID: $sourceInstanceID
        startTime: $startTime
        targetAurasAbsent: $targetAurasAbsent
        targetAurasPresent: $targetAurasPresent
        targetClass: $targetClass
        targetID: $targetID
        targetInstanceID: $targetInstanceID
        translate: $translate
        viewOptions: $viewOptions
        wipeCutoff: $wipeCutoff
        includeResources: $includeResources
        limit: $limit
        useAbilityIDs: $useAbilityIDs
        useActorIDs: $useActorIDs
      ) {
        data
        nextPageTimestamp
      }
    }
  }
}
""",
    "getReportGraph": """
query getReportGraph($code: String!, $abilityID: Float, $dataType: GraphDataType, $death: Int, $difficulty: Int, $encounterID: Int, $endTime: Float, $fightIDs: [Int], $filterExpression: String, $hostilityType: HostilityType, $killType: KillType, $sourceAurasAbsent: String, $sourceAurasPresent: String, $sourceClass: String, $sourceID: Int, $sourceInstanceID: Int, $startTime: Float, $targetAurasAbsent: String, $targetAurasPresent: String, $targetClass: String, $targetID: Int, $targetInstanceID: Int, $translate: Boolean, $viewOptions: Int, $wipeCutoff: Int, $viewBy: ViewType) {
  reportData {
    report(code: $code) {
      graph(
        abilityID: $abilityID
        dataType: $dataType
        death: $death
        difficulty: $difficulty
        encounterID: $encounterID
        endTime: $endTime
        fightIDs: $fightIDs
        filterExpression: $filterExpression
        hostilityType: $hostilityType
        killType: $killType
        sourceAurasAbsent: $sourceAurasAbsent
        sourceAurasPresent: $sourceAurasPresent
        sourceClass: $sourceClass
        sourceID: $sourceID
        sourceInstanceID: $sourceInstanceID
        startTime: $startTime
        targetAurasAbsent: $targetAurasAbsent
        targetAurasPresent: $targetAurasPresent
        targetClass: $targetClass
        targetID: $targetID
        targetInstanceID: $targetInstanceID
        translate: $translate
        viewOptions: $viewOptions
        wipeCutoff: $wipeCutoff
        viewBy: $viewBy
      )
    }
  }
}
""",
    "getReportTable": """
query getReportTable($code: String!, $abilityID: Float, $dataType: TableDataType, $death: Int, $difficulty: Int, $encounterID: Int, $endTime: Float, $fightIDs: [Int], $filterExpression: String, $hostilityType: HostilityType, $killType: KillType, $sourceAurasAbsent: String, $sourceAurasPresent: String, $sourceClass: String, $sourceID: Int, $sourceInstanceID: Int, $startTime: Float, $targetAurasAbsent: String, $targetAurasPresent: String, $targetClass: String, $targetID: Int, $targetInstanceID: Int, $translate: Boolean, $viewOptions: Int, $wipeCutoff: Int, $viewBy: ViewType) {
  reportData {
    report(code: $code) {
      table(
        abilityID: $abilityID
        dataType: $dataType
        death: $death
        difficulty: $difficulty
        encounterID: $encounterID
        endTime: $endTime
        fightIDs: $fightIDs
        filterExpression: $filterExpression
        hostilityType: $hostilityType
        killType: $killType
        sourceAurasAbsent: $sourceAurasAbsent
        sourceAurasPresent: $sourceAurasPresent
        sourceClass: $sourceClass
        sourceID: $sourceID
        sourceInstanceID: $sourceInstanceID
        startTime: $startTime
        targetAurasAbsent: $targetAurasAbsent
        targetAurasPresent: $targetAurasPresent
        targetClass: $targetClass
        targetID: $targetID
        targetInstanceID: $targetInstanceID
        translate: $translate
        viewOptions: $viewOptions
        wipeCutoff: $wipeCutoff
        viewBy: $viewBy
      )
    }
  }
}
""",
    "getReportRankings": """
query getReportRankings($code: String!, $compare: RankingCompareType, $difficulty: Int, $encounterID: Int, $fightIDs: [Int], $playerMetric: ReportRankingMetricType, $timeframe: RankingTimeframeType) {
  reportData {
    report(code: $code) {
      rankings(
        compare: $compare
        difficulty: $difficulty
        encounterID: $encounterID
        fightIDs: $fightIDs
        playerMetric: $playerMetric
        timeframe: $timeframe
      )
    }
  }
}
""",
    "getReportPlayerDetails": """
query getReportPlayerDetails($code: String!, $difficulty: Int, $encounterID: Int, $endTime: Float, $fightIDs: [Int], $killType: KillType, $startTime: Float, $translate: Boolean, $includeCombatantInfo: Boolean) {
  reportData {
    report(code: $code) {
      playerDetails(
        difficulty: $difficulty
        encounterID: $encounterID
        endTime: $endTime
        fightIDs: $fightIDs
        killType: $killType
        startTime: $startTime
        translate: $translate
        includeCombatantInfo: $includeCombatantInfo
      )
    }
  }
}
""",
    "getReports": """
query getReports($endTime: Float, $guildID: Int, $guildName: String, $guildServerSlug: String, $guildServerRegion: String, $guildTagID: Int, $userID: Int, $limit: Int, $page: Int, $startTime: Float, $zoneID: Int, $gameZoneID: Int) {
  reportData {
    reports(
      endTime: $endTime
      guildID: $guildID
      guildName: $guildName
      guildServerSlug: $guildServerSlug
      guildServerRegion: $guildServerRegion
      guildTagID: $guildTagID
      userID: $userID
      limit: $limit
      page: $page
      startTime: $startTime
      zoneID: $zoneID
      gameZoneID: $gameZoneID
    ) {
      data {
        code
        title
        startTime
        endTime
        zone {
          id
          name
        }
        guild {
          id
          name
          server {
            name
            slug
            region {
              name
              slug
            }
          }
        }
        owner {
          id
          name
        }
      }
      total
      per_page
      current_page
      from
      to
      last_page
      has_more_pages
    }
  }
}
""",
    "getUserById": """
query getUserById($userId: Int!) {
  userData {
    user(id: $userId) {
      id
      name
      guilds {
        id
        name
        server {
          name
          region {
            name
          }
        }
      }
      characters {
        id
        name
        server {
          name
          region {
            name
          }
        }
        gameData
        classID
        raceID
        hidden
      }
      naDisplayName
      euDisplayName
    }
  }
}
""",
    "getCurrentUser": """
query getCurrentUser {
  userData {
    currentUser {
      id
      name
      guilds {
        id
        name
        server {
          name
          region {
            name
          }
        }
      }
      characters {
        id
        name
        server {
          name
          region {
            name
          }
        }
        gameData
        classID
        raceID
        hidden
      }
      naDisplayName
      euDisplayName
    }
  }
}
""",
    "getUserData": """
query getUserData {
  userData {
    user(id: 1) {
      id
    }
  }
}
""",
    "getRateLimitData": """
query getRateLimitData {
  rateLimitData {
    limitPerHour
    pointsSpentThisHour
    pointsResetIn
  }
}
""",
    "getWorldData": """
query getWorldData {
  worldData {
    encounter {
      id
      name
    }
    expansion {
      id
      name
    }
    expansions {
      id
      name
    }
    region {
      id
      name
    }
    regions {
      id
      name
    }
    server {
      id
      name
    }
    subregion {
      id
      name
    }
    zone {
      id
      name
      frozen
      expansion {
        id
        name
      }
      difficulties {
        id
        name
        sizes
      }
      encounters {
        id
        name
      }
      partitions {
        id
        name
        compactName
        default
      }
    }
    zones {
      id
      name
      frozen
      expansion {
        id
        name
      }
      brackets {
        min
        max
        bucket
        type
      }
      difficulties {
        id
        name
        sizes
      }
      encounters {
        id
        name
      }
      partitions {
        id
        name
        compactName
        default
      }
    }
  }
}
""",
    "getZones": """
query getZones {
  worldData {
    zones {
      id
      name
      frozen
      brackets {
        type
        min
        max
        bucket
      }
      encounters {
        id
        name
      }
      difficulties {
        id
        name
        sizes
      }
      expansion {
        id
        name
      }
    }
  }
}
""",
    "getRegions": """
query getRegions {
  worldData {
    regions {
      id
      name
      subregions {
        id
        name
      }
    }
  }
}
""",
    "getEncountersByZone": """
query getEncountersByZone($zoneId: Int!) {
  worldData {
    zone(id: $zoneId) {
      id
      name
      encounters {
        id
        name
      }
    }
  }
}
""",
}

#: Operation -> variables that have to be given.
REQUIRED = {
    "getCharacterById": ["id"],
    "getCharacterReports": ["characterId"],
    "getCharacterEncounterRanking": ["characterId", "encounterId"],
    "getCharacterEncounterRankings": ["characterId", "encounterId"],
    "getCharacterZoneRankings": ["characterId"],
    "getAbility": ["id"],
    "getClass": ["id"],
    "getItem": ["id"],
    "getItemSet": ["id"],
    "getMap": ["id"],
    "getNPC": ["id"],
    "getGuildById": ["guildId"],
    "getGuildByName": ["name", "serverSlug", "serverRegion"],
    "getGuildAttendance": ["guildId"],
    "getGuildMembers": ["guildId"],
    "getReportByCode": ["code"],
    "getReportEvents": ["code"],
    "getReportGraph": ["code"],
    "getReportTable": ["code"],
    "getReportRankings": ["code"],
    "getReportPlayerDetails": ["code"],
    "getUserById": ["userId"],
    "getEncountersByZone": ["zoneId"],
}

#: Operation -> all of its variables.
VARIABLES = {
    "getCharacterById": ["id"],
    "getCharacterReports": ["characterId", "limit"],
    "getCharacterEncounterRanking": ["characterId", "encounterId"],
    "getCharacterEncounterRankings": ["characterId", "encounterId", "byBracket", "className", "compare", "difficulty", "includeCombatantInfo", "includePrivateLogs", "metric", "partition", "role", "size", "specName", "timeframe"],
    "getCharacterZoneRankings": ["characterId", "zoneId", "byBracket", "className", "compare", "difficulty", "includePrivateLogs", "metric", "partition", "role", "size", "specName", "timeframe"],
    "getAbility": ["id"],
    "getAbilities": ["limit", "page"],
    "getClass": ["id"],
    "getClasses": ["faction_id", "zone_id"],
    "getFactions": [],
    "getItem": ["id"],
    "getItems": ["limit", "page"],
    "getItemSet": ["id"],
    "getItemSets": ["limit", "page"],
    "getMap": ["id"],
    "getMaps": ["limit", "page"],
    "getNPC": ["id"],
    "getNPCs": ["limit", "page"],
    "getGuildById": ["guildId"],
    "getGuildByName": ["name", "serverSlug", "serverRegion"],
    "getGuilds": ["limit", "page", "serverID", "serverSlug", "serverRegion"],
    "getGuildAttendance": ["guildId", "guildTagID", "limit", "page", "zoneID"],
    "getGuildMembers": ["guildId", "limit", "page"],
    "getProgressRace": ["guildID", "zoneID", "competitionID", "difficulty", "size", "serverRegion", "serverSubregion", "serverSlug", "guildName"],
    "getReportByCode": ["code"],
    "getReportEvents": ["code", "abilityID", "dataType", "death", "difficulty", "encounterID", "endTime", "fightIDs", "filterExpression", "hostilityType", "killType", "sourceAurasAbsent", "sourceAurasPresent", "sourceClass", "sourceID", "sourceInstanceID", "startTime", "targetAurasAbsent", "targetAurasPresent", "targetClass", "targetID", "targetInstanceID", "translate", "viewOptions", "wipeCutoff", "includeResources", "limit", "useAbilityIDs", "useActorIDs"],
    "getReportGraph": ["code", "abilityID", "dataType", "death", "difficulty", "encounterID", "endTime", "fightIDs", "filterExpression", "hostilityType", "killType", "sourceAurasAbsent", "sourceAurasPresent", "sourceClass", "sourceID", "sourceInstanceID", "startTime", "targetAurasAbsent", "targetAurasPresent", "targetClass", "targetID", "targetInstanceID", "translate", "viewOptions", "wipeCutoff", "viewBy"],
    "getReportTable": ["code", "abilityID", "dataType", "death", "difficulty", "encounterID", "endTime", "fightIDs", "filterExpression", "hostilityType", "killType", "sourceAurasAbsent", "sourceAurasPresent", "sourceClass", "sourceID", "sourceInstanceID", "startTime", "targetAurasAbsent", "targetAurasPresent", "targetClass", "targetID", "targetInstanceID", "translate", "viewOptions", "wipeCutoff", "viewBy"],
    "getReportRankings": ["code", "compare", "difficulty", "encounterID", "fightIDs", "playerMetric", "timeframe"],
    "getReportPlayerDetails": ["code", "difficulty", "encounterID", "endTime", "fightIDs", "killType", "startTime", "translate", "includeCombatantInfo"],
    "getReports": ["endTime", "guildID", "guildName", "guildServerSlug", "guildServerRegion", "guildTagID", "userID", "limit", "page", "startTime", "zoneID", "gameZoneID"],
    "getUserById": ["userId"],
    "getCurrentUser": [],
    "getUserData": [],
    "getRateLimitData": [],
    "getWorldData": [],
    "getZones": [],
    "getRegions": [],
    "getEncountersByZone": ["zoneId"],
}
