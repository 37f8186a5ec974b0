# Installs helpbook on Windows: fetches the archive, compares its SHA-256 with the release's list,
# and puts the program into place in one step.
#
#   irm https://github.com/OWNER/helpbook/releases/latest/download/install.ps1 | iex
#
# HELPBOOK_VERSION      a version such as 0.1.0; without it the newest one
# HELPBOOK_INSTALL_DIR  where the program goes; without it %LOCALAPPDATA%\Programs\helpbook
# HELPBOOK_REPOSITORY   another repository, as owner/name
# HELPBOOK_BASE_URL     another place with the same files: https, or http on this machine

function Install-Helpbook {
    $ErrorActionPreference = 'Stop'
    $ProgressPreference = 'SilentlyContinue'
    Set-StrictMode -Version 2

    # The release fills both in.
    $releasedRepository = 'OWNER/helpbook'
    $releasedVersion = ''

    $repository = if ($env:HELPBOOK_REPOSITORY) { $env:HELPBOOK_REPOSITORY } else { $releasedRepository }
    $version = if ($env:HELPBOOK_VERSION) { $env:HELPBOOK_VERSION } else { $releasedVersion }
    $version = $version -replace '^v', ''
    if ($version -notmatch '^[0-9A-Za-z.+-]*$') { throw "``$version`` is no version; name one such as 0.1.0" }

    if ($env:HELPBOOK_BASE_URL) {
        $base = $env:HELPBOOK_BASE_URL.TrimEnd('/')
        if ($base -notmatch '^(https://[^@]+|http://(127\.0\.0\.1|localhost)(:[0-9]+)?(/[^@]*)?)$') {
            throw 'HELPBOOK_BASE_URL is not https'
        }
    }
    elseif ($repository -match '^OWNER/' -or $repository -notmatch '^[0-9A-Za-z._-]+/[0-9A-Za-z._-]+$') {
        throw 'this installer does not know the repository of helpbook: set HELPBOOK_REPOSITORY to owner/name'
    }
    elseif ($version) { $base = "https://github.com/$repository/releases/download/v$version" }
    else { $base = "https://github.com/$repository/releases/latest/download" }

    $name = 'helpbook-x86_64-pc-windows-msvc'
    $archive = "$name.zip"
    $folder = if ($env:HELPBOOK_INSTALL_DIR) { $env:HELPBOOK_INSTALL_DIR } else { Join-Path $env:LOCALAPPDATA 'Programs\helpbook' }
    $work = Join-Path ([IO.Path]::GetTempPath()) ([IO.Path]::GetRandomFileName())
    $staged = $null
    New-Item -ItemType Directory -Path $work | Out-Null
    try {
        [Net.ServicePointManager]::SecurityProtocol = [Net.ServicePointManager]::SecurityProtocol -bor [Net.SecurityProtocolType]::Tls12
        Write-Host "fetching $base/$archive"
        foreach ($file in 'SHA256SUMS', $archive) {
            Invoke-WebRequest -UseBasicParsing -Uri "$base/$file" -OutFile (Join-Path $work $file)
        }
        $wanted = Get-Content (Join-Path $work 'SHA256SUMS') |
            ForEach-Object { , ($_ -split '\s+\*?', 2) } |
            Where-Object { $_.Count -eq 2 -and $_[1] -eq $archive } |
            ForEach-Object { $_[0] }
        if ($wanted -notmatch '^[0-9a-f]{64}$') { throw "the release has no checksum of $archive; nothing was installed" }
        $digest = (Get-FileHash -Algorithm SHA256 -Path (Join-Path $work $archive)).Hash
        if ($digest -ne $wanted) { throw "$archive is not what the release says: its SHA-256 differs; nothing was installed" }
        Expand-Archive -Path (Join-Path $work $archive) -DestinationPath $work
        $program = Join-Path $work "$name\helpbook.exe"
        $installed = & $program --version
        if ($LASTEXITCODE -ne 0) { throw 'the program does not run on this machine; nothing was installed' }

        New-Item -ItemType Directory -Force -Path $folder | Out-Null
        $staged = Join-Path $folder ".helpbook.$PID.exe"
        Copy-Item $program $staged
        Move-Item -Force $staged (Join-Path $folder 'helpbook.exe')
        $staged = $null
        Write-Host "installed $installed as $(Join-Path $folder 'helpbook.exe')"
        if (($env:Path -split ';') -contains $folder) { Write-Host "`nhint: run ``helpbook init`` in your project" }
        else { Write-Host "`nhint: add $folder to your Path" }
    }
    finally {
        Remove-Item -Recurse -Force $work -ErrorAction SilentlyContinue
        if ($staged) { Remove-Item -Force $staged -ErrorAction SilentlyContinue }
    }
}

# The last line, so that half a script does nothing.
Install-Helpbook
