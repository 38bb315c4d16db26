# Makes BNG2.pl tell how far the generation of a network is, once a second and whenever a species is
# larger than all before: what there is, and what the most productive rule made. By itself it speaks
# between iterations only, one of which may never end.

package Growth;

use strict;
use warnings;

my ( $model, $rule, $before, $told, $largest ) = ( undef, '', 0, time, 0 );
my ( %species, %reactions );

sub report
{
    $told = time;
    my ($most) = sort {
             $species{$b} <=> $species{$a}
          || $reactions{$b} <=> $reactions{$a}
          || $a cmp $b
    } keys %species;
    print join( "\t", 'Growth', $model->SpeciesList->size, $model->RxnList->size, $largest,
        $species{$most}, $reactions{$most}, $most ), "\n";
}

# Counts the species that a rule has made since this was called last.
sub note
{
    my $made = $model->SpeciesList->Array;
    return if @$made == $before;
    my $larger = 0;
    foreach my $index ( $before .. $#$made )
    {
        my $size = @{ $made->[$index]->SpeciesGraph->Molecules };
        ( $largest, $larger ) = ( $size, 1 ) if $size > $largest;
    }
    $species{$rule} += @$made - $before;
    $before = @$made;
    report() if $larger;
}

# Run when all of BNG2.pl has been read, and before it does anything.
INIT
{
    if ( defined &RxnRule::expand_rule and defined &RxnList::add )
    {
        no warnings 'redefine';
        my ( $expand, $add ) = ( \&RxnRule::expand_rule, \&RxnList::add );
        *RxnRule::expand_rule = sub {
            ( my $expanded, undef, $model ) = @_;
            $rule   = $expanded->Name;
            $before = $model->SpeciesList->size;
            $species{$rule}   += 0;
            $reactions{$rule} += 0;
            my @result = $expand->(@_);
            note();
            return @result;
        };
        *RxnList::add = sub {
            my $new = $add->(@_);
            if ( defined $model )
            {
                $reactions{$rule} += $new;
                note();
                report() if time != $told;
            }
            return $new;
        };
        $| = 1;
    }
}

1;
