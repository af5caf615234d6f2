from netreach_client.cli import main

main()
