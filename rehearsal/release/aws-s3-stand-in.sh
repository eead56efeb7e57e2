#!/bin/sh
# Stands in for the AWS CLI in hook scripts: "s3api get-object" copies from the rehearsal's bucket, a folder.
set -eu
[ "$1 $2" = "s3api get-object" ] || { echo "aws stand-in: only s3api get-object is known, got: $*" >&2; exit 252; }
shift 2
bucket='' key='' file=''
while [ $# -gt 0 ]; do
    case $1 in
        --bucket) bucket=$2; shift 2 ;;
        --key) key=$2; shift 2 ;;
        --version-id | --region | --output) shift 2 ;;
        --*) echo "aws stand-in: unknown option $1" >&2; exit 252 ;;
        *) file=$1; shift ;;
    esac
done
cp "$GAPLESS_S3_FOLDER/$bucket/$key" "$file"
