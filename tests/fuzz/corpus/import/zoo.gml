graph [ name "n" directed 1 stats [ a [ b 1 ] ]
 node [ id 0 label "A &#246;" lat 1 lon 2 Country "DE" ] node [ id 1 label "A" Latitude 3 Longitude 4 ] node [ id 2 ]
 edge [ source 0 target 1 LinkSpeedRaw 1e9 dist 10.5 ] edge [ source 1 target 0 LinkSpeed "10" LinkSpeedUnits "G" ]
 edge [ source 1 target 2 LinkLabel "10 Gbps" ] ]
